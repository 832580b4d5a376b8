// Lints pieces of code as if they stood in the files they name, with the rules of this repository:
// a list of { file, code } on stdin, for each the names of the rules that it breaks on stdout.
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

// Rules that need types are left out: the files do not exist.
const eslint = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });

async function rulesBrokenBy({ file, code }) {
  const [result] = await eslint.lintText(code, { filePath: file });
  return result.messages.map((message) => message.ruleId ?? message.message);
}

const broken = [];
for (const snippet of JSON.parse(await text(process.stdin))) broken.push(await rulesBrokenBy(snippet));
process.stdout.write(JSON.stringify(broken));
