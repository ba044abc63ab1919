/** Who is told of each spec file as it ends: Jest makes its reporters itself, so the run that began it stands here. */
export const hearing = { tell: () => undefined };

export default class JestReporter {
  onTestResult(_test, result) {
    hearing.tell(result);
  }
}
