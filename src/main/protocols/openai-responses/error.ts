export { judgeOpenAi as judge, renderOpenAiRefusal as renderRefusal } from '../openai-errors'
