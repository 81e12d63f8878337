import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { wait, waitFields } from '../jobOperations/wait.operation';

export const description = waitFields('edit');

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await wait(this, 'edit');
}
