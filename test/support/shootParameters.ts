import type { INodeParameters } from 'n8n-workflow';

/** Where the panel of a shoot has what is not under Options. */
const PLACES: Record<string, string[]> = {
	photoOptions: [
		'editWithoutFailed',
		'groupBy',
		'ifMixed',
		'ifNamesRepeat',
		'ifNotPhoto',
		'jpegProfile',
		'parallelUploads',
		'verifyMd5',
	],
	resultOptions: ['outputBinaryField', 'parallelDownloads', 'shootOutput'],
};
const MAIN_FIELDS = ['ifNameExists', 'projectName'];

/** The parameters of a shoot. @param options whatever the panel has in any of its collections, and the name of the project */
export function shootParameters({
	options = {},
	...parameters
}: INodeParameters & { options?: INodeParameters }): INodeParameters {
	const placed: Record<string, INodeParameters> = { photoOptions: {}, resultOptions: {}, options: {} };
	const main: INodeParameters = {};
	for (const [name, value] of Object.entries(options)) {
		const place = Object.keys(PLACES).find((collection) => PLACES[collection].includes(name)) ?? 'options';
		if (MAIN_FIELDS.includes(name)) main[name] = value;
		else placed[place][name] = value;
	}
	return { ...parameters, ...main, ...placed };
}
