import { calls, type Call } from './calls.mts';
import * as stages from './stages.mts';
import type { Stage } from './stages.mts';

/** A request, and what a run does in which it is made. */
export interface Step extends Call {
	stage: Stage;
}

const at = (call: Call, stage: Stage): Step => ({ ...call, stage });

export const aiProfile: Step[] = [
	at(calls.profiles, stages.getProfiles),
	at(calls.create, stages.create('REGULAR')),
	at(calls.uploadLinks, stages.upload('REGULAR')),
	at(calls.put, stages.upload('REGULAR')),
	at(calls.edit, stages.startEdit('REGULAR')),
	at(calls.editStatus, stages.wait('edit', 'REGULAR')),
	at(calls.editLinks, stages.download('edit', 'REGULAR')),
	at(calls.get, stages.download('edit', 'REGULAR')),
	at(calls.export, stages.startExport),
	at(calls.exportStatus, stages.wait('export', 'REGULAR')),
	at(calls.exportLinks, stages.download('export', 'REGULAR')),
];

export const smartEditing: Step[] = [
	at(calls.smartCreate, stages.create('I2I')),
	at(calls.smartUploadLinks, stages.upload('I2I')),
	at(calls.put, stages.upload('I2I')),
	at(calls.smartEdit, stages.startEdit('I2I')),
	at(calls.smartProject, stages.wait('edit', 'I2I')),
	at(calls.smartLinks, stages.download('edit', 'I2I')),
	at(calls.get, stages.download('edit', 'I2I')),
];

export const inParts: Step[] = [
	at(calls.multipartBegin, stages.uploadInParts),
	at(calls.part, stages.uploadInParts),
	at(calls.multipartComplete, stages.uploadInParts),
	at(calls.multipartAbort, stages.giveUpParts),
];

export const retouch: Step[] = [
	at(calls.tools, stages.getTools),
	at(calls.copilot, stages.instruct),
	at(calls.enhance, stages.applyTool),
	at(calls.resetImage, stages.resetPhotos),
	at(calls.finalize, stages.finalize),
];

/** The same requests, made by one node in a row. An unknown status before a paid request is a doubt, and told. */
export const wholeShoot: Step[] = aiProfile.map((step) => ({
	...step,
	stage: stages.wholeShoot,
	isReadBeforePaying: step.name === 'editStatus',
}));
