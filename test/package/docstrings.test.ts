import ts from 'typescript';

import { readRuntimeSources, readText } from './project';

/** The names that a file exports without a word on what they are. A type guard says it by its type. */
function undocumentedIn(path: string): string[] {
	const source = ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true);
	return source.statements.flatMap((statement) => {
		const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
		const isExported = modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
		if (!isExported || ts.getJSDocCommentsAndTags(statement).length > 0) return [];
		if (!ts.isVariableStatement(statement)) return [nameOf(statement)];
		const { declarations } = statement.declarationList;
		return declarations.filter(({ initializer }) => !isGuard(initializer)).map(({ name }) => name.getText());
	});
}

const nameOf = (statement: ts.Statement) => (statement as ts.DeclarationStatement).name?.getText() ?? '';

const isGuard = (value?: ts.Expression) =>
	value !== undefined && ts.isArrowFunction(value) && value.type?.kind === ts.SyntaxKind.TypePredicate;

test('whatever a file of the runtime exports has a word on what it is', () => {
	const paths = readRuntimeSources().map(({ path }) => path);
	expect(paths.flatMap((path) => undocumentedIn(path).map((name) => `${path}: ${name}`))).toEqual([]);
});
