import type { CallName } from '../sandbox/calls.mts';
import * as stages from './stages.mts';
import type { Stage } from './stages.mts';

/** A request of the nodes, as the rules see it. */
export interface Call {
	name: CallName;
	to: 'api' | 'storage';
	/** What a run does in which the request is made. */
	stage: Stage;
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
	/** Whether what it says decides on a paid request. */
	isReadBeforePaying?: boolean;
	/** The most requests of one kind for one file that a run may send. */
	most: number;
}

const TRIES = 5;
/** Asked for again for minutes: while a job runs, and while a list is empty. */
const LOOKS = 80;

const api = (name: CallName, stage: Stage, rest: Partial<Call> = {}): Call => ({
	name,
	to: 'api',
	stage,
	repeat: 'always',
	most: rest.repeat === 'never' || rest.repeat === 'paid' ? 1 : TRIES,
	...rest,
});

/** A link that is refused is asked for anew once. */
const storage = (name: CallName, stage: Stage, rest: Partial<Call> = {}): Call => ({
	...api(name, stage, { most: 2 * TRIES, isPerPhoto: true, ...rest }),
	to: 'storage',
});

const status = { holds: 'status', key: 'status', most: LOOKS * TRIES } as const;
const links = { holds: 'downloadLinks', key: 'download_link', most: LOOKS * TRIES } as const;
const uploadLinks = { holds: 'uploadLinks', key: 'upload_link', most: 3 * TRIES } as const;

export const aiProfile: Call[] = [
	api('profiles', stages.getProfiles, { key: 'profiles' }),
	api('create', stages.create('REGULAR'), { repeat: 'never', key: 'project_uuid' }),
	api('uploadLinks', stages.upload('REGULAR'), uploadLinks),
	storage('put', stages.upload('REGULAR')),
	api('edit', stages.startEdit('REGULAR'), { repeat: 'paid' }),
	api('editStatus', stages.wait('edit', 'REGULAR'), status),
	api('editLinks', stages.download('edit', 'REGULAR'), links),
	storage('get', stages.download('edit', 'REGULAR'), { holds: 'file' }),
	api('export', stages.startExport, { repeat: 'paid' }),
	api('exportStatus', stages.wait('export', 'REGULAR'), status),
	api('exportLinks', stages.download('export', 'REGULAR'), links),
];

export const smartEditing: Call[] = [
	api('smartCreate', stages.create('I2I'), { repeat: 'never', key: 'project_uuid' }),
	api('smartUploadLinks', stages.upload('I2I'), uploadLinks),
	storage('put', stages.upload('I2I')),
	api('smartEdit', stages.startEdit('I2I'), { repeat: 'paid' }),
	api('smartProject', stages.wait('edit', 'I2I'), status),
	api('smartLinks', stages.download('edit', 'I2I'), links),
	storage('get', stages.download('edit', 'I2I'), { holds: 'file' }),
];

export const inParts: Call[] = [
	api('multipartBegin', stages.uploadInParts, { repeat: 'ifNotDone', key: 'upload_id', most: 2 * TRIES }),
	storage('part', stages.uploadInParts),
	api('multipartComplete', stages.uploadInParts, { holds: 'nothing' }),
];

export const retouch: Call[] = [
	api('tools', stages.getTools),
	api('copilot', stages.instruct, { repeat: 'never', key: 'status', isPerPhoto: true }),
	api('enhance', stages.applyTool, { repeat: 'never', key: 'status', isPerPhoto: true }),
	api('resetImage', stages.resetPhotos, { holds: 'nothing', isPerPhoto: true }),
	api('finalize', stages.finalize, { repeat: 'never', key: 'download_link' }),
];

/** The same requests, made by one node in a row. An unknown status before a paid request is a doubt, and told. */
export const wholeShoot: Call[] = aiProfile.map((call) => ({
	...call,
	stage: stages.wholeShoot,
	isReadBeforePaying: call.name === 'editStatus',
}));
