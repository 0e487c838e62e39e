/** The version of this program: the bundler puts it in. */
declare const SHIM_VERSION: string;

/** Files that the bundler puts in as their text. */
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
