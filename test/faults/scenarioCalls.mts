import { nodeCalls, type NodeCall } from './nodeCalls.mts';
import * as scenarios from './scenarios.mts';
import type { Scenario } from './scenarios.mts';

/** A call of the nodes, and the run in which it is made. */
export interface ScenarioCall extends NodeCall {
	scenario: Scenario;
}

const inScenario = (call: NodeCall, scenario: Scenario): ScenarioCall => ({ ...call, scenario });

export const aiProfile: ScenarioCall[] = [
	inScenario(nodeCalls.profiles, scenarios.getProfiles),
	inScenario(nodeCalls.create, scenarios.create('REGULAR')),
	inScenario(nodeCalls.uploadLinks, scenarios.upload('REGULAR')),
	inScenario(nodeCalls.put, scenarios.upload('REGULAR')),
	inScenario(nodeCalls.project, scenarios.startEdit('REGULAR')),
	inScenario(nodeCalls.edit, scenarios.startEdit('REGULAR')),
	inScenario(nodeCalls.editStatus, scenarios.wait('edit', 'REGULAR')),
	inScenario(nodeCalls.editLinks, scenarios.download('edit', 'REGULAR')),
	inScenario(nodeCalls.get, scenarios.download('edit', 'REGULAR')),
	inScenario(nodeCalls.export, scenarios.startExport),
	inScenario(nodeCalls.exportStatus, scenarios.wait('export', 'REGULAR')),
	inScenario(nodeCalls.exportLinks, scenarios.download('export', 'REGULAR')),
];

export const smartEditing: ScenarioCall[] = [
	inScenario(nodeCalls.smartCreate, scenarios.create('I2I')),
	inScenario(nodeCalls.smartUploadLinks, scenarios.upload('I2I')),
	inScenario(nodeCalls.put, scenarios.upload('I2I')),
	inScenario(nodeCalls.smartEdit, scenarios.startEdit('I2I')),
	inScenario(nodeCalls.smartProject, scenarios.wait('edit', 'I2I')),
	inScenario(nodeCalls.smartLinks, scenarios.download('edit', 'I2I')),
	inScenario(nodeCalls.get, scenarios.download('edit', 'I2I')),
];

export const inParts: ScenarioCall[] = [
	inScenario(nodeCalls.multipartBegin, scenarios.uploadInParts),
	inScenario(nodeCalls.part, scenarios.uploadInParts),
	inScenario(nodeCalls.multipartComplete, scenarios.uploadInParts),
	inScenario(nodeCalls.multipartAbort, scenarios.abortParts),
];

export const retouch: ScenarioCall[] = [
	inScenario(nodeCalls.tools, scenarios.getTools),
	inScenario(nodeCalls.copilot, scenarios.instruct),
	inScenario(nodeCalls.enhance, scenarios.applyTool),
	inScenario(nodeCalls.resetImage, scenarios.resetPhotos),
	inScenario(nodeCalls.finalize, scenarios.finalize),
];

/** The same calls, all made by one node. */
export const wholeShoot: ScenarioCall[] = aiProfile
	// A shoot knows what it has uploaded, and asks nobody.
	.filter(({ name }) => name !== 'project')
	.map((step) => ({ ...step, scenario: scenarios.wholeShoot }));
