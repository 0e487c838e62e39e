// Loaded before the command: this machine's clock is wrong by CLOCK_SHIFT_MS.
const shiftMs = Number(process.env.CLOCK_SHIFT_MS);
const realNow = Date.now;
Date.now = () => realNow() + shiftMs;
