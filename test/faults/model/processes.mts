import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import { connect, Socket } from 'node:net';

/** What an execution is to be to the network: how many requests it has made, and what happens at one of them. */
export interface Scope {
	requests: number;
	isDead: boolean;
	/** Called before each request with its number, from 1; a promise holds the request back until it is fulfilled. */
	beforeRequest(number: number): Promise<void> | 'dieBefore' | 'dieAfter' | undefined;
	/** Called when the execution has died. */
	onDeath(): void;
}

type RequestOptions = http.RequestOptions & { port?: number | string };

const scopes = new AsyncLocalStorage<Scope>();
let underWay = 0;

/** Runs an execution whose requests and pauses belong to this scope. */
export async function inScope<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
	return await scopes.run(scope, work);
}

export const scopeOfCaller = (): Scope | undefined => scopes.getStore();

/** Whether no request is under way. */
export const isQuiet = () => underWay === 0;

/** What a promise gives, to those who live; the dead wait for ever. */
export async function whileAlive<T>(scope: Scope | undefined, promise: Promise<T>): Promise<T> {
	const value = await promise;
	return scope?.isDead ? await new Promise<never>(() => {}) : value;
}

/** Takes over `http.request`: counts each execution's requests, holds them back, and lets executions die at one. */
export function watchRequests(): void {
	const request = http.request;
	http.request = ((options: RequestOptions, ...rest: never[]) => {
		const scope = scopeOfCaller();
		if (!scope) return counted(request(options, ...rest));
		if (scope.isDead) return request(withoutServer(options), ...rest);
		const event = scope.beforeRequest(++scope.requests);
		if (event === 'dieBefore') {
			die(scope);
			return request(withoutServer(options), ...rest);
		}
		if (event === 'dieAfter') return unheard(scope, counted(request(options, ...rest)));
		return forTheLiving(scope, counted(request(event ? heldBack(options, event) : options, ...rest)));
	}) as typeof http.request;
}

export function die(scope: Scope): void {
	scope.isDead = true;
	scope.onDeath();
}

function counted(request: http.ClientRequest): http.ClientRequest {
	underWay += 1;
	let isOver = false;
	const end = () => {
		if (!isOver) underWay -= 1;
		isOver = true;
	};
	return request.once('close', end).once('error', end);
}

/** A request over a connection that nobody opens. */
const withoutServer = (options: RequestOptions): RequestOptions => ({
	...options,
	agent: undefined,
	createConnection: () => new Socket(),
});

const heldBack = (options: RequestOptions, until: Promise<void>): RequestOptions => ({
	...options,
	agent: undefined,
	createConnection: (_options, onCreate) => {
		const open = () => onCreate(null, connect(Number(options.port), '127.0.0.1'));
		until.then(open, (error: Error) => onCreate(error, new Socket()));
		return undefined;
	},
});

/** Carries the request out; whoever made it dies before the answer. */
function unheard(scope: Scope, request: http.ClientRequest): http.ClientRequest {
	request.once('close', () => die(scope));
	return filtered(request, () => true);
}

/** The answer reaches nobody who died meanwhile. */
function forTheLiving(scope: Scope, request: http.ClientRequest): http.ClientRequest {
	return filtered(request, () => scope.isDead);
}

function filtered(request: http.ClientRequest, isDropped: () => boolean): http.ClientRequest {
	const emit = request.emit.bind(request);
	request.emit = (event: string, ...args: unknown[]) => {
		if (!isDropped() || !['response', 'error', 'timeout'].includes(event)) return emit(event, ...args);
		if (event === 'response') (args[0] as http.IncomingMessage).resume();
		return true;
	};
	return request;
}
