import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { ImagenApiError } from '../errors/imagenErrors';
import * as lists from './listSearch';
import * as options from './loadOptions';

type Methods<M> = {
	[Name in keyof M]: (this: ILoadOptionsFunctions, ...parameters: never[]) => Promise<unknown>;
};

/** The lists of the panel that can be searched. */
export const listSearch = withRemedies(lists);
/** The choices of the panel that Imagen is asked for. */
export const loadOptions = withRemedies(options);

/** Beside a list that fails, n8n shows no more of its error than the message: what to do goes there, too. */
function withRemedies<M extends Methods<M>>(methods: M): M {
	const entries = Object.entries(methods as Methods<Record<string, unknown>>).map(([name, method]) => [
		name,
		async function (this: ILoadOptionsFunctions, ...parameters: never[]) {
			return await method.apply(this, parameters).catch((error: unknown) => {
				throw error instanceof ImagenApiError ? withRemedy(error) : error;
			});
		},
	]);
	return Object.fromEntries(entries) as M;
}

function withRemedy(error: ImagenApiError): ImagenApiError {
	const [remedy] = /^.*?\.(?= |$)/.exec(error.description ?? '') ?? [''];
	error.message = `${error.message}. ${remedy}`.trim();
	return error;
}
