// Must load nothing else: errors of the command line are shown with it.
export { count, some } from './counted.js';
export { visible, visibleJson } from './visible-text.js';
