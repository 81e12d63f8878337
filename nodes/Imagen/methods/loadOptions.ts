import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { projectRefOf, type ProjectRef } from '../api/projectRef';
import { findProject, listProjects } from '../api/projects';
import { listRetouchTools } from '../api/retouch';
import { listSkyTemplates, type SkyTemplate } from '../api/skyTemplates';
import { editingFlowInPanel } from './editingFlowInPanel';

/** The skies for Sky Replacement, for the panel. The first is what Imagen takes without a choice. */
export async function getSkyTemplates(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const templates = await listSkyTemplates(this);
	const nameOf = ({ id, name }: SkyTemplate) => (typeof name === 'string' ? name : `Sky ${id}`);
	const ofImagen = templates.find(({ is_default }) => is_default);
	return [
		{ name: `Imagen's Default Sky${ofImagen ? ` (${nameOf(ofImagen)})` : ''}`, value: '' },
		...templates.map((template) => ({ name: nameOf(template), value: template.id })),
	];
}

/**
 * The retouch tools, for the panel: of the project that is chosen there or, where that comes from the input, which the
 * panel does not know, of the account's newest one.
 */
export async function getRetouchTools(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const project = (await chosenProject(this)) ?? (await newestProject(this));
	if (!project) return [];
	const tools = await listRetouchTools(this, project);
	return tools.map(toOption).filter(({ value }) => value !== '');
}

async function chosenProject(context: ILoadOptionsFunctions): Promise<ProjectRef | undefined> {
	const value = context.getCurrentNodeParameter('project', { extractValue: true });
	const text = typeof value === 'string' ? value.trim() : '';
	if (text === '' || text.startsWith('=')) return undefined;
	const editingFlow = editingFlowInPanel(context);
	const isName = context.getCurrentNodeParameter('project.mode') === 'name';
	return isName ? await findProject(context, editingFlow, text) : { uuid: text, editingFlow };
}

async function newestProject(context: ILoadOptionsFunctions): Promise<ProjectRef | undefined> {
	const editingFlow = editingFlowInPanel(context);
	const { projects } = await listProjects(context, editingFlow, 0);
	return projects.length > 0 ? projectRefOf(projects[0]) : undefined;
}

function toOption({ enhancement_type, id, label, name, tool_id }: IDataObject): INodePropertyOptions {
	const value = String(tool_id ?? enhancement_type ?? id ?? '');
	return { name: String(label ?? name ?? value), value };
}
