import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackingError, BackingMissing } from '../errors.js';
import { fetchedOnce } from '../fetch/cache.js';
import { type Env, run } from '../process/run.js';

const version = '4.1.0';

// Kafka's own package declares no logger, and without one it would end without a word.
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tidemark</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.24.3</version></dependency>
  </dependencies>
</project>
`;

const advice = '(or name brokers in TIDEMARK_KAFKA_BROKERS)';

/** The class path of a Kafka: the one at KAFKA_HOME, else the published jars, fetched into the cache by Maven. */
export async function kafkaClassPath(cacheDir: string, env?: Env): Promise<string> {
  await mustHaveJava(env);
  const home = env?.['KAFKA_HOME'];
  if (!home) {
    return join(await fetchedOnce(cacheDir, `kafka-${version}`, (dir) => fetchJars(dir, env)), 'libs', '*');
  }
  if (!existsSync(join(home, 'libs')))
    throw new BackingMissing(`KAFKA_HOME is ${home}, which has no folder libs`);
  return join(home, 'libs', '*');
}

async function mustHaveJava(env?: Env): Promise<void> {
  const said = await run('java', ['-version'], { env, purpose: `to run Kafka ${advice}` });
  const major = Number(/version "(\d+)/.exec(said)?.[1]);
  if (!(major >= 17))
    throw new BackingMissing(`Kafka needs Java 17, and java on the PATH is ${major} ${advice}`);
}

async function fetchJars(dir: string, env?: Env): Promise<void> {
  writeFileSync(join(dir, 'pom.xml'), pom);
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const args = ['-q', '-B', goal, `-DoutputDirectory=${join(dir, 'libs')}`, '-DincludeScope=runtime'];
  await run('mvn', args, { env, cwd: dir, purpose: `to fetch Kafka ${advice}` });
  const jars = readdirSync(join(dir, 'libs'));
  if (!jars.includes(`kafka_2.13-${version}.jar`))
    throw new BackingError('failed', `Maven fetched no Kafka into ${dir}`);
}
