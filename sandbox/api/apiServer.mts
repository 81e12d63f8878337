import type { IncomingMessage } from 'node:http';
import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import type { Account } from '../account/account.mts';
import { profiles, skyTemplates } from '../account/profiles.mts';
import { apiCalls, baseUrlPath, type ApiCall } from '../calls.mts';
import { addEditRoutes } from './edit.mts';
import { ApiError, errorBody, unprocessable } from './errors.mts';
import { addExportRoutes } from './export.mts';
import { addMultipartRoutes } from './multipart.mts';
import { addPhotoRoutes } from './photos.mts';
import { addProjectRoutes } from './projects.mts';
import { addRetouchRoutes } from './retouch.mts';
import { addSmartRoutes } from './smart.mts';

/** Room for the names and digests of some ten thousand files. */
const largestBody = 10 * 1024 * 1024;

/** What a call is given: the path's parameters, the query, the JSON body (an object, empty if none came) and its Content-Type. */
export interface Call {
	/** Undefined if no body came. */
	contentType: string | undefined;
	params: Record<string, string>;
	query: Record<string, string | undefined>;
	body: Record<string, unknown>;
}

/** Adds what answers a call; what it returns becomes the envelope's `data`, and nothing becomes 204. */
export type AddCall = (name: ApiCall, answer: (call: Call) => unknown) => void;

/** The HTTP API without its control endpoints: key, envelope, errors, and the calls in their files. */
export function buildApi(account: Account, apiKey: string): FastifyInstance {
	const app = fastify({
		bodyLimit: largestBody,
		routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1024 },
	});
	const contentTypes = new WeakMap<IncomingMessage, string>();
	parseJsonWhateverItIsCalled(app, contentTypes);
	app.setErrorHandler((error: FastifyError | ApiError, _request, reply) => {
		if (error instanceof ApiError) return reply.code(error.status).send(error.body);
		const status = error.statusCode ?? 500;
		return reply.code(status).send({ detail: error.message });
	});
	app.setNotFoundHandler((_request, reply) => reply.code(404).send({ detail: 'Not Found' }));

	app.register(
		async (api) => {
			api.addHook('onRequest', async (request) => {
				if (request.headers['x-api-key'] !== apiKey) throw new ApiError(401, errorBody(401));
			});
			const addCall: AddCall = (name, answer) => {
				const { method, path } = apiCalls[name];
				api.route({
					method,
					url: path,
					handler: async ({ params, query, body, raw }, reply) => {
						const contentType = body ? (contentTypes.get(raw) ?? '') : undefined;
						const data = await answer({ params, query, contentType, body: body ?? {} } as Call);
						if (data === undefined) return reply.code(204).send();
						return { data: account.settings.numbersAsText ? withNumbersAsText(data) : data };
					},
				});
			};
			addCall('profiles', () => ({ profiles }));
			addCall('skyTemplates', () => ({ templates: skyTemplates }));
			addProjectRoutes(addCall, account);
			addPhotoRoutes(addCall, account);
			addEditRoutes(addCall, account);
			addExportRoutes(addCall, account);
			addRetouchRoutes(addCall, account);
			addSmartRoutes(addCall, account);
			addMultipartRoutes(addCall, account);
		},
		{ prefix: baseUrlPath },
	);
	return app;
}

function withNumbersAsText(value: unknown): unknown {
	return JSON.parse(JSON.stringify(value), (_key, item: unknown) =>
		typeof item === 'number' ? String(item) : item,
	);
}

/** Clients send JSON under an empty Content-Type, or under any: the body decides. @param contentTypes takes what it was called */
function parseJsonWhateverItIsCalled(
	app: FastifyInstance,
	contentTypes: WeakMap<IncomingMessage, string>,
): void {
	// fastify answers 415 to a Content-Type that is no media type, the empty one included.
	app.addHook('onRequest', async ({ headers, raw }) => {
		contentTypes.set(raw, headers['content-type'] ?? '');
		delete headers['content-type'];
	});
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, async (_request: unknown, text: string) => {
		if (text.trim() === '') return {};
		const body = parseJson(text);
		if (typeof body === 'object' && body !== null) return body;
		throw unprocessable([{ loc: ['body'], msg: 'JSON decode error', type: 'value_error.jsondecode' }]);
	});
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
