/** The fields of `/edit` for AI tools, such as `hdr_merge`. What is absent is off. */
export type ToolFields = Partial<Record<string, boolean | number | string>>;

/** What `/edit` takes. It holds for all photos of the project. */
export type EditRequest = {
	profile_key: number;
	photography_type?: string;
	export?: boolean;
	callback_url?: string;
} & ToolFields;

/** What `/edit` takes for a Smart Editing project: a few of the tools, and no profile. */
export type SmartEditRequest = { callback_url?: string } & ToolFields;
