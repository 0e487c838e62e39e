import preset from '../../jest.preset.js';

/** The specs of commands run the built command as a process, several times each. */
export default { ...preset, testTimeout: 240_000 };
