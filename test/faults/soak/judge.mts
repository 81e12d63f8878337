import type { BinaryField, Execution, Item } from '../../support/n8n/client.mts';

/** What a run gave its user: files by name, and what it told of those that did not come. */
export interface Outcome {
	files: Map<string, BinaryField>;
	told: string[];
	/** Whether an error has stopped it: then nothing else can have come. */
	isStopped: boolean;
}

/** All that came of a run, and what it told. */
export function outcomeOf({ runs, error }: Execution): Outcome {
	const items = Object.values(runs)
		.flat()
		.flatMap(({ data }) => data?.main ?? [])
		.flatMap((output) => output ?? []);
	return {
		files: new Map(items.filter(isResult).map((item) => [String(item.json.file_name), item.binary!.data])),
		isStopped: error !== undefined,
		told: [
			...(error ? [`${error.message}\n${error.description ?? ''}`] : []),
			...items
				.filter(({ json }) => json.error !== undefined)
				.map(({ json }) => [json.error, json.file_name, json.project_uuid, json.message].join(' ')),
		],
	};
}

/** Photos on their way to Imagen have no project yet, or are of the n8n that reads them. */
const isResult = ({ json, binary }: Item) =>
	binary?.data !== undefined &&
	json.project_uuid !== undefined &&
	/\.(xmp|jpg)$/.test(String(json.file_name));

/** Files that did not come and that nothing is told of: an error stands for its file, or for all of its project. */
export function lostBy(outcome: Outcome, wanted: string[], names: string[]): string[] {
	const text = outcome.told.join('\n');
	const isOfAll =
		names.some((name) => text.includes(name)) && (outcome.isStopped || !/of \d+ (files|photos)/.test(text));
	return wanted.filter((name) => !outcome.files.has(name) && !isOfAll && !isNamed(text, name));
}

const isNamed = (text: string, name: string) => text.includes(name.replace(/\.\w+$/, ''));
