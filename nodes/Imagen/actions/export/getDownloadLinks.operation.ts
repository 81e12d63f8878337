import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { getDownloadLinks, getDownloadLinksFields } from '../jobOperations/getDownloadLinks.operation';

export const description = getDownloadLinksFields('export');

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await getDownloadLinks(this, 'export');
}
