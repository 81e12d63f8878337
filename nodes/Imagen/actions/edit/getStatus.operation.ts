import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { getStatus, getStatusFields } from '../jobOperations/getStatus.operation';

export const description = getStatusFields('edit');

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await getStatus(this, 'edit');
}
