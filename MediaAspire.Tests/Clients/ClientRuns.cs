using MediaAspire.Tests.Graph;

namespace MediaAspire.Tests.Clients;

/// <summary>Runs every client against one graph, some at a time: each by itself waits for the disk, or for its own interpreter, most of the time.</summary>
public sealed class ClientRuns(GraphFixture graph) : IAsyncLifetime, IDisposable
{
    private const int AtOnce = 3;

    private readonly ClientFiles _files = new();
    private readonly SemaphoreSlim _places = new(AtOnce);

    public Task AwsCli { get; private set; } = Task.CompletedTask;

    public Task Boto3 { get; private set; } = Task.CompletedTask;

    public Task Dotnet { get; private set; } = Task.CompletedTask;

    public Task JavaScript { get; private set; } = Task.CompletedTask;

    public Task Rclone { get; private set; } = Task.CompletedTask;

    public Task S3cmd { get; private set; } = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        await _files.WriteAsync();
        var account = await S3Account.OfAsync(graph);

        // Those that take longest go first.
        S3cmd = StartAsync(account, run => run.S3cmdAsync());
        AwsCli = StartAsync(account, run => run.AwsCliAsync());
        Boto3 = StartAsync(account, run => run.Boto3Async());
        JavaScript = StartAsync(account, run => run.JavaScriptAsync());
        Dotnet = StartAsync(account, run => run.DotnetAsync());
        Rclone = StartAsync(account, run => run.RcloneAsync());
    }

    // The tests report what failed; here nothing may go on without them.
    public async Task DisposeAsync() =>
        await Task.WhenAll(AwsCli, Boto3, Dotnet, JavaScript, Rclone, S3cmd).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose()
    {
        _files.Dispose();
        _places.Dispose();
    }

    private async Task StartAsync(S3Account account, Func<ClientRun, Task> client)
    {
        await _places.WaitAsync();
        try
        {
            using var run = new ClientRun(account, _files);
            await client(run);
        }
        finally
        {
            _places.Release();
        }
    }
}
