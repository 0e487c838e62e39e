// The only place that imports the driver: this has to come first.
import './navigator.js';

export { default } from 'pg';
