import everstorm from '../../../workflows/index';

/** The workflows as they are, in a bundle that differs. */
export const RELEASE = 'the next one';
// eslint-disable-next-line import-x/no-default-export -- the workflow function is the default export
export default everstorm;
