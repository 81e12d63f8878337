import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { ImagenOperationError } from '../errors/imagenErrors';
import { settle } from '../api/settle';
import { operations as edit } from './edit/Edit.resource';
import { operations as exportOperations } from './export/Export.resource';
import { errorItem } from './shared/items';
import { operations as photo } from './photo/Photo.resource';
import { operations as profile } from './profile/Profile.resource';
import { operations as project } from './project/Project.resource';
import { operations as retouch } from './retouch/Retouch.resource';
import { operations as shoot } from './shoot/Shoot.resource';
import { operations as skyTemplate } from './skyTemplate/SkyTemplate.resource';

/** What runs when the node does: it takes the node's input itself, because most operations work on all items at once. */
export interface Operation {
	execute(this: IExecuteFunctions): Promise<INodeExecutionData[]>;
}

const resources: Record<string, Record<string, Operation>> = {
	edit,
	export: exportOperations,
	photo,
	profile,
	project,
	retouch,
	shoot,
	skyTemplate,
};

/** Runs the operation that is chosen in the panel. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const resource = this.getNodeParameter('resource', 0) as string;
	const operation = this.getNodeParameter('operation', 0) as string;
	const chosen = resources[resource]?.[operation];
	if (!chosen) {
		throw new ImagenOperationError(this.getNode(), `There is no operation '${operation}' for '${resource}'`, {
			description:
				"Choose 'Resource' and 'Operation' anew: this workflow may come from a newer version of the node.",
		});
	}
	const outcome = await settle(async () => await chosen.execute.call(this));
	if (outcome.status === 'fulfilled') return [outcome.value];
	// n8n sends the input through the success output when a node that continues on fail throws: nothing must seem done.
	return [this.getInputData().map((_, itemIndex) => errorItem(this, outcome.reason, itemIndex))];
}
