using Xunit.Abstractions;

namespace MediaAspire.Tests.Clients;

/// <summary>A run of a client.</summary>
/// <param name="Version">The client's program and release.</param>
/// <param name="Run">All that it does; fails when a byte or a name is not kept.</param>
public sealed record ClientUse(Task<string> Version, Task Run)
{
    /// <summary>Waits for the client to finish, and names its release in the test's output, also when it fails.</summary>
    public async Task FinishAsync(ITestOutputHelper output)
    {
        output.WriteLine(await Version);
        await Run;
    }
}
