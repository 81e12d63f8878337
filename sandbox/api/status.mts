import { statusWord } from '../account/statusWords.mts';
import type { Look } from '../account/project.mts';
import type { Settings } from '../settings.mts';
import { ApiError, badRequest } from './errors.mts';
import type { StoredFile } from '../storage/fileStore.mts';

/** A job that has a status: what it is called before its first start, and what is said where it is not there yet. */
interface Stage {
	beforeStart: 'statusBeforeStart' | 'exportStatusBeforeStart';
	missing: string;
}

export const editStage: Stage = {
	beforeStart: 'statusBeforeStart',
	missing: 'Project has not been edited yet.',
};

export const exportStage: Stage = {
	beforeStart: 'exportStatusBeforeStart',
	missing: 'Project has not been exported yet.',
};

const httpStatus = /^\d{3}$/;

/** What a status call tells; throws an ApiError where the settings have it answer so before the first start. */
export function statusAnswer(look: Look, stage: Stage, settings: Settings) {
	const beforeStart = settings[stage.beforeStart];
	if (!look.state && httpStatus.test(beforeStart)) {
		throw new ApiError(Number(beforeStart), { error: { message: stage.missing } });
	}
	return { ...look.state, status: wordFor(look, stage, settings) };
}

/** A job's word in a project's own answer; undefined where there is none. */
export function wordFor({ state }: Look, { beforeStart }: Stage, settings: Settings): string | undefined {
	if (state) return statusWord(state.status, settings);
	const word = settings[beforeStart];
	return word === '' || httpStatus.test(word) ? undefined : word;
}

/** The results of a job; 400 unless it is completed. */
export function resultsOf({ state, files }: Look, { missing }: Stage): StoredFile[] {
	if (state?.status !== 'Completed') throw badRequest(missing);
	return files;
}
