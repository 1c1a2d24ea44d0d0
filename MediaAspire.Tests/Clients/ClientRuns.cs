using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Clients;

/// <summary>
/// Runs all clients against one graph, several in parallel: a single one waits mostly for the disk or for its own interpreter.
/// </summary>
public sealed class ClientRuns(GraphFixture graph) : IAsyncLifetime, IDisposable
{
    private const int AtOnce = 3;

    private static readonly ClientUse s_none = new(Task.FromResult(""), Task.CompletedTask);

    private readonly ClientFiles _files = new();
    private readonly SemaphoreSlim _places = new(AtOnce);

    public ClientUse AwsCli { get; private set; } = s_none;

    public ClientUse Boto3 { get; private set; } = s_none;

    public ClientUse Dotnet { get; private set; } = s_none;

    public ClientUse JavaScript { get; private set; } = s_none;

    public ClientUse Rclone { get; private set; } = s_none;

    public ClientUse S3cmd { get; private set; } = s_none;

    public ClientUse TusJs { get; private set; } = s_none;

    public ClientUse DraftJs { get; private set; } = s_none;

    public ClientUse Tuspy { get; private set; } = s_none;

    public async Task InitializeAsync()
    {
        await _files.WriteAsync();
        var account = await S3Account.OfAsync(graph);

        // The slowest ones start first.
        S3cmd = new(ClientVersions.OfS3cmdAsync(), RunAsync(account, run => run.S3cmdAsync()));
        AwsCli = new(ClientVersions.OfAwsCliAsync(), RunAsync(account, run => run.AwsCliAsync()));
        Boto3 = new(ClientVersions.OfBoto3Async(), RunAsync(account, run => run.Boto3Async()));
        JavaScript = new(ClientVersions.OfJavaScriptAsync(), RunAsync(account, run => run.JavaScriptAsync()));
        Dotnet = new(Task.FromResult(ClientVersions.OfDotnet), RunAsync(account, run => run.DotnetAsync()));
        Rclone = new(ClientVersions.OfRcloneAsync(), RunAsync(account, run => run.RcloneAsync()));
        var key = graph.Api.KeyOf();
        var tus = new UploadClientRun(new Uri(graph.Api.BaseAddress!, "/uploads"), key);
        TusJs = new(ClientVersions.OfTusJsAsync(), RunAsync(() => tus.JavaScriptAsync("tus-v1")));
        DraftJs = new(ClientVersions.OfTusJsAsync(), RunAsync(() => tus.JavaScriptAsync("ietf-draft-05")));
        Tuspy = new(ClientVersions.OfTuspyAsync(), RunAsync(tus.TuspyAsync));
    }

    // The tests report failures. Here no client may outlive them.
    public async Task DisposeAsync() =>
        await Task.WhenAll(new[] { AwsCli, Boto3, Dotnet, JavaScript, Rclone, S3cmd, TusJs, DraftJs, Tuspy }
                .SelectMany(use => new[] { use.Version, use.Run }))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose()
    {
        _files.Dispose();
        _places.Dispose();
    }

    private Task RunAsync(S3Account account, Func<ClientRun, Task> client) => RunAsync(async () =>
    {
        using var run = new ClientRun(account, _files);
        await client(run);
    });

    private async Task RunAsync(Func<Task> client)
    {
        await _places.WaitAsync();
        try
        {
            await client();
        }
        finally
        {
            _places.Release();
        }
    }
}
