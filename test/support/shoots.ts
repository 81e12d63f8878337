import type { INodeParameters } from 'n8n-workflow';

import { photo, type InputItem } from './engine';
import { byId, runImagen } from './imagen';
import { shootParameters } from './shootParameters';
import {
	api,
	apiCreatesProject,
	apiDescribes,
	apiGivesDownloadLinks,
	apiGivesUploadLinks,
	apiListsProfiles,
	apiStarts,
	apiReportsStatus,
	RAW_PROFILE,
	storageGives,
	storageTakes,
	wrapped,
} from './imagenApi';
import { photoBytes } from './photoBytes';

export const EDIT_REQUEST = { profile_key: RAW_PROFILE.profile_key, photography_type: 'NO_TYPE' };

/** An item with a photo whose bytes are its name. */
export const shot = (fileName: string, json = {}): InputItem => photo(fileName, photoBytes(fileName), json);

type RunOptions = Parameters<typeof runImagen>[2];

const runShoot =
	(operation: 'shoot.editPhotos' | 'shoot.preview', defaults: INodeParameters) =>
	async (parameters: INodeParameters = {}, options: RunOptions = {}) =>
		await runImagen(operation, shootParameters({ ...defaults, ...parameters }), options);

const profile = byId(RAW_PROFILE.profile_key);

/** Runs Edit shoot. Its parameter `options` has those of all collections. */
export const shoot = runShoot('shoot.editPhotos', { profile, results: 'none' });

/** Runs Preview shoot, with the same. */
export const preview = runShoot('shoot.preview', { profile });

/** The API creates a project and accepts these photos. */
export function apiTakesPhotos(uuid: string, fileNames: string[], name?: string): void {
	apiCreatesProject(uuid, name ? { name } : {});
	apiUploads(uuid, fileNames);
}

export function apiUploads(uuid: string, fileNames: string[]): void {
	apiGivesUploadLinks(uuid, fileNames);
	storageTakes(uuid, ...fileNames);
}

/** The same, and accepts the edit. */
export function apiStartsShoot(uuid: string, fileNames: string[], name?: string): void {
	apiListsProfiles();
	apiTakesPhotos(uuid, fileNames, name);
	apiReportsStatus('edit', uuid, 'Pending');
	apiStarts('edit', uuid, EDIT_REQUEST);
}

/** The job is completed at the next status request, and its files are there. */
export function apiFinishes(job: 'edit' | 'export', uuid: string, fileNames: string[]): void {
	apiReportsStatus(job, uuid, 'Completed');
	apiGivesDownloadLinks(job, uuid, fileNames);
	// A DNG that begins as a text would be refused.
	const beginning = (fileName: string) => (fileName.endsWith('.dng') ? 'II*\0' : '');
	for (const fileName of fileNames)
		storageGives(uuid, fileName, `${beginning(fileName)}${job} of ${fileName}`);
}

/** The account has a project of this name. */
export function apiFindsProject(name: string, uuid: string): void {
	api()
		.get(`/projects/${encodeURIComponent(name)}/uuid`)
		.reply(200, wrapped({ project_uuid: uuid }));
}

export function apiHasNoProject(name: string): void {
	api()
		.get(`/projects/${encodeURIComponent(name)}/uuid`)
		.reply(404, { error: { message: 'Project not found' } });
}

export function apiCountsPhotos(uuid: string, number_of_images: number): void {
	apiDescribes(uuid, { project_uuid: uuid, number_of_images });
}
