import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import type { ProjectRef } from '../../api/projectRef';
import type { Reading, WithReading } from '../../jobs/poll';
import type { Photo } from '../../transfer/sources';
import { totalBytes } from '../shared/inputPhotos';
import { sizeText } from '../shared/summary';
import type { Shoot } from './shoots';

/** What n8n lets a value of an execution's custom data be. */
const LONGEST_VALUE = 255;

/** How many times a row of transfers is reported. */
const STEPS = 10;

/** What expressions see as `$execution.customData`. */
interface CustomData {
	set(key: string, value: string): void;
}

/**
 * Reports where a shoot stands: in n8n's log, and in the execution's custom data, which its page shows as highlights and by
 * which executions are found: `imagen_project`, `imagen_state`, for a second shoot `imagen_project_2` and so on, as far as
 * n8n keeps them (ten values).
 *
 * Nodes have no call for custom data: it is reached through the data proxy that expressions are given, the same in n8n 1.123
 * to 2.41; an n8n without it does without. n8n stores it with the execution, so that while the node runs only the log is
 * live.
 */
export function reportProgress(
	context: IExecuteFunctions,
	{ name, number }: Shoot,
	projectUuid: string,
	state: string,
): void {
	context.logger.info(
		`${context.getNode().name}: ${name ? `'${name}', ` : ''}project ${projectUuid}: ${state}`,
	);
	const { $execution } = context.getWorkflowDataProxy(0) as { $execution?: { customData?: CustomData } };
	const suffix = number === 1 ? '' : `_${number}`;
	$execution?.customData?.set(`imagen_project${suffix}`, projectUuid.slice(0, LONGEST_VALUE));
	$execution?.customData?.set(`imagen_state${suffix}`, state.slice(0, LONGEST_VALUE));
}

/** Reports uploads while they go on: called with each photo that has arrived. */
export function reportUploadProgress(
	context: IExecuteFunctions,
	shoot: Shoot,
	projectUuid: string,
	alreadyThere: number,
): (photo: Photo) => void {
	const total = shoot.photos.length;
	const bytes = totalBytes(shoot.photos);
	let done = alreadyThere;
	let doneBytes = 0;
	return (photo) => {
		done += 1;
		doneBytes += photo.bytes;
		if (done < total && done % Math.ceil(total / STEPS) !== 0) return;
		const sent = `${sizeText(doneBytes)} of ${sizeText(bytes)}`;
		reportProgress(context, shoot, projectUuid, `uploaded ${done} of ${total} photos, ${sent}`);
	};
}

/** Reports the job of a shoot whenever a poll shows something new. */
export function reportJobProgress(
	context: IExecuteFunctions,
	job: Job,
	{ shoot }: { shoot: Shoot },
): (projects: Array<WithReading<ProjectRef>>) => void {
	let reported = '';
	return ([{ uuid, reading }]) => {
		const state = stateText(job, reading);
		if (reported !== state) reportProgress(context, shoot, uuid, state);
		reported = state;
	};
}

function stateText(job: Job, { state }: Reading): string {
	if (!state) return `${job} status unknown`;
	const { status, progress } = state;
	return `${job} ${status}${progress === undefined ? '' : `, ${progress}%`}`;
}
