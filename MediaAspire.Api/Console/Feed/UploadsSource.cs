using MediaAspire.Api.Uploads;

namespace MediaAspire.Api.Console.Feed;

/// <summary>The uploads under way: the first page of <c>GET /uploads</c>, for operators, who see those of all owners.</summary>
internal sealed class UploadsSource(UploadPages pages) : IFeedSource
{
    public string Name => "uploads";

    public TimeSpan Period { get; } = TimeSpan.FromSeconds(1);

    public async Task<object> ReadAsync(CancellationToken cancellationToken) =>
        await pages.ReadAsync(owner: null, after: null, UploadPages.DefaultSize, _ => true, cancellationToken);
}
