import type { CallName } from '../../sandbox/calls.mts';

/** A call that the nodes make, with what its expected outcome depends on. */
export interface NodeCall {
	name: CallName;
	to: 'api' | 'storage';
	/**
	 * Whether it may be sent again: `always`; `ifNotDone`, after a failure that proves that it was not carried out; `never`.
	 * `paid`: never, and the project's status shows whether it arrived.
	 */
	repeat: 'always' | 'ifNotDone' | 'never' | 'paid';
	/** What the answer is about. */
	answers?: 'downloadLinks' | 'file' | 'nothing' | 'status' | 'uploadLinks';
	/** A key that the nodes need in the answer. */
	key?: string;
	/** Whether it is made once for each photo. */
	isPerPhoto?: boolean;
	/** Whether it is made because something has failed, which is reported whatever becomes of this call. */
	isAfterFailure?: boolean;
	/** Whether the project tells the same, where there is no such answer (404), or one without its key. */
	isToldByProject?: boolean;
	/** Whether nothing depends on whether the API knows the answer: 404 is as good as any. */
	isOptional?: boolean;
	/** The most requests that a run may send for one file. */
	maxRequests: number;
}

const TRIES = 5;
/** Polled for minutes: while a job runs, and while a list is empty. */
const POLLS = 80;

const api = (name: CallName, rest: Partial<NodeCall> = {}): NodeCall => ({
	name,
	to: 'api',
	repeat: 'always',
	maxRequests: rest.repeat === 'never' || rest.repeat === 'paid' ? 1 : TRIES,
	...rest,
});

/** A link that is refused is replaced by a new one once. */
const storage = (name: CallName, rest: Partial<NodeCall> = {}): NodeCall => ({
	...api(name, { maxRequests: 2 * TRIES, isPerPhoto: true, ...rest }),
	to: 'storage',
});

const status = { answers: 'status', key: 'status', maxRequests: POLLS * TRIES } as const;
const links = { answers: 'downloadLinks', key: 'download_link', maxRequests: POLLS * TRIES } as const;
const uploadLinks = { answers: 'uploadLinks', key: 'upload_link', maxRequests: 3 * TRIES } as const;

/** Every call that the nodes make on the way from photos to results, a line each. */
export const nodeCalls = {
	profiles: api('profiles', { key: 'profiles' }),
	create: api('create', { repeat: 'never', key: 'project_uuid' }),
	uploadLinks: api('uploadLinks', uploadLinks),
	put: storage('put'),
	edit: api('edit', { repeat: 'paid' }),
	project: api('project', { isOptional: true }),
	editStatus: api('editStatus', { ...status, isToldByProject: true }),
	editLinks: api('editLinks', links),
	get: storage('get', { answers: 'file' }),
	export: api('export', { repeat: 'paid' }),
	exportStatus: api('exportStatus', { ...status, isToldByProject: true }),
	exportLinks: api('exportLinks', links),

	smartCreate: api('smartCreate', { repeat: 'never', key: 'project_uuid' }),
	smartUploadLinks: api('smartUploadLinks', uploadLinks),
	smartEdit: api('smartEdit', { repeat: 'paid' }),
	smartProject: api('smartProject', status),
	smartLinks: api('smartLinks', links),
	multipartBegin: api('multipartBegin', { repeat: 'ifNotDone', key: 'upload_id', maxRequests: 2 * TRIES }),
	part: storage('part'),
	multipartComplete: api('multipartComplete', { answers: 'nothing' }),
	multipartAbort: api('multipartAbort', { answers: 'nothing', isAfterFailure: true }),

	tools: api('tools'),
	copilot: api('copilot', { repeat: 'never', key: 'status', isPerPhoto: true }),
	enhance: api('enhance', { repeat: 'never', key: 'status', isPerPhoto: true }),
	resetImage: api('resetImage', { answers: 'nothing', isPerPhoto: true }),
	finalize: api('finalize', { repeat: 'never', key: 'download_link' }),
};
