/** Something that a person has to mend first; its message is all that they need to see. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}
