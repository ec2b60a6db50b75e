/**
 * What a distribution defines: its name and number, the rpm it ships, folders and names of its build configuration; and whole sets of
 * macro files, read out of a machine, an image, packages or a repository. It never evaluates a spec, and never looks at a machine but through
 * the interfaces it is given.
 */
export type { MacroSetFile, Target, TargetMacro, TargetMacroSet } from './target.js';
export { type FoundTarget, architectures, defaultTarget, findTarget, listTargets } from './targets.js';
export { type CatalogueOptions, type ListedTarget, type TargetCatalogue, setNamePattern, setsFolder, targetCatalogue, targetOfSet, thisMachine } from './catalogue.js';
export { type KeptMacroSet, type UserFolders, filesOfTarget, isMacroSetPath, packageOfFile, rpmVersionIn, userFolders } from './macroSet.js';
export { defineTarget, startTable, targetExpander } from './startMacros.js';
export { type Collected, type Progress } from './import/collected.js';
export { collectFolder } from './import/folder.js';
export { collectImage } from './import/image.js';
export { type NamedPackage, collectPackages } from './import/packages.js';
export { type RepositoryFiles, type RepositoryOptions, collectRepository, forgetWork } from './import/repository.js';
export { type MacroDifference, type MacroInTarget, describeMacroIn, diffTargets } from './compare.js';
