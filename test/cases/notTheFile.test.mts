import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { withAnswers, type Rewrite } from './rewritten.mts';
import {
	continuing,
	create,
	download,
	finalize,
	namesOf,
	nodesInARow,
	photos,
	retouch,
	shoot,
	start,
	upload,
	useStudio,
	wait,
	type Step,
} from './studio.mts';

const studio = useStudio();
const ITEMS = photos('A_1.NEF', 'A_2.NEF');
const flow = 'I2I';

const answers = [
	{ what: 'an empty file', body: '' },
	{ what: 'a web page', body: '<!doctype html><title>One moment</title><h1>We will be right back</h1>' },
	{
		what: 'an error of the storage',
		body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>InternalError</Code></Error>',
	},
];
const ways: Array<{ way: string; steps: Step[] }> = [
	{ way: 'Download', steps: nodesInARow('Anna') },
	{ way: 'Shoot, exported', steps: [shoot('Anna', { results: 'exported' })] },
	{
		way: 'Finalize',
		steps: [create('Anna', { flow }), upload(), start({ flow }), wait(), retouch, finalize],
	},
];

/** Runs steps while the link of each first file leads to what gives this answer, with status 200. */
async function runWhere(body: string, steps: Step[]) {
	let requests = 0;
	const server = createServer((_incoming, outgoing) => {
		requests++;
		outgoing.writeHead(200, { 'Content-Length': Buffer.byteLength(body) }).end(body);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const link = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
	const otherFirst: Rewrite = ({ path, body: answer }) => {
		if (!/get_temporary_download_links|finalize$/.test(path) || !answer?.data?.files_list) return undefined;
		const [first, ...others] = answer.data.files_list;
		return { data: { files_list: [{ ...first, download_link: link }, ...others] } };
	};
	const run = await withAnswers(studio.client.sandbox.apiUrl, otherFirst, async (apiUrl) =>
		studio.run(steps, ITEMS, { apiUrl }),
	);
	server.closeAllConnections();
	server.close();
	return { run, requests };
}

test.each(ways.flatMap((way) => answers.map((answer) => ({ ...way, ...answer }))))(
	'$what with status 200 is tried again, and then no result of $way',
	async ({ steps, what, body }) => {
		const { run, requests } = await runWhere(body, steps);
		expect(run.words).toContain(`could not download 'A_1.`);
		expect(run.words).toContain(`the storage returned ${what} instead of the file`);
		expect(requests).toBe(5);
	},
);

test('an answer that is not the file is the error of that file alone', async () => {
	const { run } = await runWhere('', [
		...nodesInARow('Anna').slice(0, -1),
		download({ settings: continuing }),
	]);
	expect(run.words).toBe('');
	expect(namesOf(await run.files('Download'))).toEqual(['A_2.xmp']);
	expect(run.errors('Download')).toHaveLength(1);
});

test('a web page that is there for a moment is no result, and the file behind it is', async () => {
	await studio.control.addFaults({ kind: 'html', call: 'get', times: 1 });
	const run = await studio.run(nodesInARow('Anna'), ITEMS);
	expect(run.words).toBe('');
	expect(await run.files('Download')).toEqual(await studio.resultsOf('Anna'));
});
