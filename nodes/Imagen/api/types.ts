import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import type { ImageType } from './formats';
import type { Status } from './status';

/** Whatever part of n8n asks the API: a running node, its panel, or a trigger. */
export type ApiContext = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions | IWebhookFunctions;

/** The parts of n8n that can also hold files. */
export type FileContext = Exclude<ApiContext, ILoadOptionsFunctions>;

/** An AI Profile: the style that Imagen edits in. */
export interface Profile {
	profile_key: number;
	profile_name: string;
	/** `Personal`, `Talent` or `Shared`; an open set. */
	profile_type: string;
	image_type: ImageType;
}

/** A project as the API lists it. Only `project_uuid` is sure to be there. */
export interface Project {
	project_uuid: string;
	/** Of a Smart Editing project. */
	project_source?: 'I2I';
	name?: string;
	/** The same, under the key that it has in all outputs. */
	project_name?: string;
	status?: string;
	/** `createdAtOf` reads it. */
	created_at?: number | string;
	number_of_images?: number;
	export_status?: string;
	[key: string]: unknown;
}

/** A photo announced for upload. `md5` is the base64 of the digest; S3 then checks the body against it. */
export interface FileToUpload {
	file_name: string;
	md5?: string;
}

/** One file of a links answer, with a presigned URL that works without an API key, for a while. */
export interface FileLink {
	file_name: string;
	link: string;
}

/** Where the edit or export of a project stands. */
export interface JobState {
	status: Status;
	/** The API's own word for it, where that has no known meaning. */
	statusWord?: string;
	/** The API's own word for it, where that is another than the documented one. */
	synonym?: string;
	/** 0 to 100, when the API gives it. */
	progress?: number;
	details?: string;
}
