namespace CraftKit.Edge.Http.Admin;

/// <summary>Answers a request on the thread pool; whatever waits is awaited.</summary>
/// <returns>The answer; null when the handler has sent one itself, such as a list that is written page by page.</returns>
internal delegate Task<ApiAnswer?> AdminHandler(AdminRequest request);
