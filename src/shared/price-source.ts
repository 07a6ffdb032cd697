/** Where genai-prices publishes its table (`REMOTE_DATA_JSON_URL` of @pydantic/genai-prices; a test compares the two). */
export const REMOTE_DATA_JSON_URL =
  'https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json'
