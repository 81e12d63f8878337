import type { BinaryField, Execution, Item } from '../../support/n8n/n8nClient.mts';

/** What a run gave its user: files by name, and errors. */
export interface RunResult {
	files: Map<string, BinaryField>;
	errors: string[];
	/** Whether an error has stopped the execution. */
	isStopped: boolean;
}

/** Collects the files and errors of an execution. */
export function runResultOf({ runs, error }: Execution): RunResult {
	const items = Object.values(runs)
		.flat()
		.flatMap(({ data }) => data?.main ?? [])
		.flatMap((output) => output ?? []);
	return {
		files: new Map(items.filter(isResult).map((item) => [String(item.json.file_name), item.binary!.data])),
		isStopped: error !== undefined,
		errors: [
			...(error ? [`${error.message}\n${error.description ?? ''}`] : []),
			...items
				.filter(({ json }) => json.error !== undefined)
				.map(({ json }) => [json.error, json.file_name, json.project_uuid, json.message].join(' ')),
		],
	};
}

/** Photos that are still to be uploaded have no project, or another extension. */
const isResult = ({ json, binary }: Item) =>
	binary?.data !== undefined &&
	json.project_uuid !== undefined &&
	/\.(xmp|jpg)$/.test(String(json.file_name));

/** Files that are missing without an error. An error is about the file it names, or about the whole project. */
export function filesLostIn(result: RunResult, expected: string[], names: string[]): string[] {
	const text = result.errors.join('\n');
	const isAboutAll =
		names.some((name) => text.includes(name)) && (result.isStopped || !/of \d+ (files|photos)/.test(text));
	return expected.filter((name) => !result.files.has(name) && !isAboutAll && !isNamed(text, name));
}

const isNamed = (text: string, name: string) => text.includes(name.replace(/\.\w+$/, ''));
