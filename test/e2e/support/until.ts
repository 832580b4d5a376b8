/** Asks again until the answer satisfies; the deadline is far above what it ever takes, and only ends a hopeless wait. */
export async function until<T>(
  ask: () => Promise<T>,
  satisfies: (answer: T) => boolean,
  deadlineMs = 60_000,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`Still ${JSON.stringify(answer).slice(0, 2000)} after ${deadlineMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
