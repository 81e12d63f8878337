import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { download, downloadFields } from '../jobOperations/download.operation';

export const description = downloadFields('export');

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await download(this, 'export');
}
