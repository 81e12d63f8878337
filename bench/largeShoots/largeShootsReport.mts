import { describeMachine } from '../shared/machine.mts';
import type { LargeShootFigures } from './largeShoots.mts';
import { batchSize } from './ways.mts';

export function largeShootsReport(photos: number, figures: LargeShootFigures[]): string {
	const rows = figures.map(
		({ way, megabytesMost, megabytesAfter, extraMebibytes, seconds }) =>
			`| ${way} | ${whole(megabytesMost)} MB | ${whole(megabytesAfter)} MB | ${whole(extraMebibytes)} MiB | ${whole(seconds)} s |`,
	);
	const loads = figures.map(({ way, machine }) => `- ${way}: ${describeMachine(machine)}`);
	return `# Large shoots

Made by \`npm run bench -- --part large-shoots\` in n8n 2.41.1, binary data on disk: ${whole(photos)} RAW photos of 1 MB in a folder become one project, one edit, and JPEGs of 1 MB in another folder. n8n shares the machine with the sandbox.

- **All at once**: the template [folder-to-folder](../templates/folder-to-folder.json).
- **From links**: Edit shoot with links in place of files, as in the template [onedrive-inbox](../templates/onedrive-inbox.json): the photos go from a server on this machine straight to the sandbox, the JPEGs through n8n.
- **Batches**: the template [large-shoot-in-batches](../templates/large-shoot-in-batches.json), ${batchSize} photos at a time, with n8n's ways to delete the files of a batch when it has ended.

| Way | Most on n8n's disk | After the end | Extra memory | Time |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

_On n8n's disk_ is its folder of binary data, looked at twice a second. _Extra memory_ is the most resident memory of n8n's process over that before, after a garbage collection. Each way ran once, in an n8n of its own.

${loads.join('\n')}
`;
}

const whole = (value: number) => Math.round(value).toLocaleString('en');
