import { readRuntimeSources, readText } from './project';

/** A call that reads a parameter by the first item of several, or by the first of the input. */
const READS_FIRST =
	/getNodeParameter\((?:[^()]|\([^()]*\))*?,\s*(?:0|[\w.]*[iI]tem(?:Indexe)?s\[0\])\s*[,)]/g;

/** They choose the operation, for all items. */
const OF_THE_NODE = /'(?:resource|operation)'/;

test('no operation reads of the first item what holds for several: sharedParameter compares them', () => {
	const sources = readRuntimeSources().filter(({ path }) => path.startsWith('nodes/Imagen/actions/'));
	expect(sources.length).toBeGreaterThan(50);
	const found = sources.flatMap(({ path }) =>
		[...readText(path).matchAll(READS_FIRST)].map(([call]) => `${path}: ${call}`),
	);
	expect(found.filter((call) => !OF_THE_NODE.test(call))).toEqual([]);
});
