/** The version of this program, set by the bundler. */
declare const SHIM_VERSION: string;

/** Files that the bundler inlines as text. */
declare module '*.sh' {
  const text: string;
  export default text;
}
declare module '*.service' {
  const text: string;
  export default text;
}
declare module '*.timer' {
  const text: string;
  export default text;
}
declare module '*.cron' {
  const text: string;
  export default text;
}
