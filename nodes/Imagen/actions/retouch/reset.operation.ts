import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { resetRetouch } from '../../api/retouch';
import { photoKey, rememberVersion } from '../../jobs/ledger';
import { serialize } from '../../memory';
import { optionsField, projectField, editingFlowOption } from '../shared/fields';
import type { Operation } from '../shared/operation';
import { workOnPhotos } from '../jobOperations/chains';
import {
	NAME_OR_ALL,
	photosFields,
	photosOfInput,
	type FinishedPhoto,
} from '../jobOperations/finishedPhotos';

/** Reset retouching */
export const resetOperation: Operation = {
	name: 'Reset',
	action: 'Reset retouching',
	description: 'Restore photos to what they were before retouching',
	fields: [projectField, ...photosFields, optionsField(editingFlowOption)],
	execute,
};

/** Takes photos back to what they were before retouching, each once, however many items name it. */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const resets = new Map<FinishedPhoto, Promise<void>>();
	const input = await photosOfInput(this, { ifNameless: NAME_OR_ALL });
	return await workOnPhotos(this, 'reset', input, async ({ photo, json, pairedItem }) => {
		const reset = resets.get(photo) ?? resetInTurn(this, photo);
		resets.set(photo, reset);
		await reset;
		return { json: { ...json, version_id: null, status: 'Completed' }, pairedItem };
	});
}

async function resetInTurn(context: IExecuteFunctions, photo: FinishedPhoto): Promise<void> {
	await serialize(context, photoKey(photo), async () => {
		await resetRetouch(context, photo, photo.fileName);
		rememberVersion(context, photo, { id: null });
	});
}
