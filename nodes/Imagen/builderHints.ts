import type { INodeTypeDescription } from 'n8n-workflow';

/** What n8n's AI workflow builder reads of a node, from n8n 2.20 on; n8n-workflow of the oldest supported n8n has no type for it. */
interface BuilderHint {
	builderHint: {
		searchHint: string;
		relatedNodes: Array<{ nodeType: string; relationHint: string }>;
	};
}

const PACKAGE = 'n8n-nodes-imagen-ai';

/** Adds to the description of a node what it is for, and which nodes go with it. */
const hint = (
	searchHint: string,
	...related: Array<[name: string, relationHint: string]>
): BuilderHint & Partial<INodeTypeDescription> => ({
	builderHint: {
		searchHint,
		relatedNodes: related.map(([name, relationHint]) => ({ nodeType: name, relationHint })),
	},
});

/** Of the Imagen AI node. */
export const imagenHint = hint(
	"Edits photographers' own photos (RAW, DNG, JPEG) with Imagen AI (imagen-ai.com), in the style of an AI Profile. Use Edit shoot for a whole shoot in one node. Edits and retouches are billed per photo. It does not generate images from text (that is Google's Imagen, a different product), and it does not cull or select photos.",
	[
		`${PACKAGE}.imagenTrigger`,
		'Starts another workflow when Imagen notifies n8n that an edit or export is finished',
	],
	[
		`${PACKAGE}.imagenPollTrigger`,
		'Starts a workflow when an edit or export is finished, without a public URL',
	],
	['n8n-nodes-base.googleDrive', 'Download photos before, upload the edited files after'],
	['n8n-nodes-base.dropbox', 'Download photos before, upload the edited files after'],
);

/** Of the Imagen AI Trigger. */
export const triggerHint = hint(
	"Starts a workflow when Imagen AI (imagen-ai.com) notifies n8n that a photo edit or export is finished. Enter its production URL as 'Callback URL' of Start edit.",
	[`${PACKAGE}.imagen`, 'Edits the photos, and downloads the results of the project that is finished'],
);

/** Of the Imagen AI Polling Trigger. */
export const pollTriggerHint = hint(
	'Starts a workflow when an Imagen AI (imagen-ai.com) photo edit or export is finished. Checks regularly, so n8n needs no public URL.',
	[`${PACKAGE}.imagen`, 'Edits the photos, and downloads the results of the project that is finished'],
);
