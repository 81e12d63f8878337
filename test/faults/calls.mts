import type { CallName } from '../../sandbox/calls.mts';

/** A request of the nodes, as the rules see it. */
export interface Call {
	name: CallName;
	to: 'api' | 'storage';
	/**
	 * Whether it may be sent again: `always`; `ifNotDone`, after a failure by which it surely was not carried out; `never`.
	 * `paid`: never, and the state tells whether it arrived.
	 */
	repeat: 'always' | 'ifNotDone' | 'never' | 'paid';
	/** What the answer is about. */
	holds?: 'downloadLinks' | 'file' | 'nothing' | 'status' | 'uploadLinks';
	/** A key that the answer cannot do without. */
	key?: string;
	/** Whether each photo has one. */
	isPerPhoto?: boolean;
	/** Whether it is made because something failed: that is told, whatever becomes of this one. */
	isAfterFailure?: boolean;
	/** Whether what it says decides on a paid request. */
	isReadBeforePaying?: boolean;
	/** The most requests of one kind for one file that a run may send. */
	most: number;
}

const TRIES = 5;
/** Asked for again for minutes: while a job runs, and while a list is empty. */
const LOOKS = 80;

const api = (name: CallName, rest: Partial<Call> = {}): Call => ({
	name,
	to: 'api',
	repeat: 'always',
	most: rest.repeat === 'never' || rest.repeat === 'paid' ? 1 : TRIES,
	...rest,
});

/** A link that is refused is asked for anew once. */
const storage = (name: CallName, rest: Partial<Call> = {}): Call => ({
	...api(name, { most: 2 * TRIES, isPerPhoto: true, ...rest }),
	to: 'storage',
});

const status = { holds: 'status', key: 'status', most: LOOKS * TRIES } as const;
const links = { holds: 'downloadLinks', key: 'download_link', most: LOOKS * TRIES } as const;
const uploadLinks = { holds: 'uploadLinks', key: 'upload_link', most: 3 * TRIES } as const;

/** Every request that the nodes make on the way from photos to results, a line each. */
export const calls = {
	profiles: api('profiles', { key: 'profiles' }),
	create: api('create', { repeat: 'never', key: 'project_uuid' }),
	uploadLinks: api('uploadLinks', uploadLinks),
	put: storage('put'),
	edit: api('edit', { repeat: 'paid' }),
	editStatus: api('editStatus', status),
	editLinks: api('editLinks', links),
	get: storage('get', { holds: 'file' }),
	export: api('export', { repeat: 'paid' }),
	exportStatus: api('exportStatus', status),
	exportLinks: api('exportLinks', links),

	smartCreate: api('smartCreate', { repeat: 'never', key: 'project_uuid' }),
	smartUploadLinks: api('smartUploadLinks', uploadLinks),
	smartEdit: api('smartEdit', { repeat: 'paid' }),
	smartProject: api('smartProject', status),
	smartLinks: api('smartLinks', links),
	multipartBegin: api('multipartBegin', { repeat: 'ifNotDone', key: 'upload_id', most: 2 * TRIES }),
	part: storage('part'),
	multipartComplete: api('multipartComplete', { holds: 'nothing' }),
	multipartAbort: api('multipartAbort', { holds: 'nothing', isAfterFailure: true }),

	tools: api('tools'),
	copilot: api('copilot', { repeat: 'never', key: 'status', isPerPhoto: true }),
	enhance: api('enhance', { repeat: 'never', key: 'status', isPerPhoto: true }),
	resetImage: api('resetImage', { holds: 'nothing', isPerPhoto: true }),
	finalize: api('finalize', { repeat: 'never', key: 'download_link' }),
};
