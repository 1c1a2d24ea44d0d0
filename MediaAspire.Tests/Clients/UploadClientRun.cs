using System.Security.Cryptography;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Clients;

/// <summary>Runs of clients of resumable uploads, each with a file and directories of its own.</summary>
internal sealed class UploadClientRun(Uri endpoint, string key)
{
    private const int Size = 12_345_678;

    public Task JavaScriptAsync(string mode) => RunAsync("node", "nodejs", file =>
        [ClientRun.Script("tus_client.mjs"), mode, endpoint.AbsoluteUri, key, file]);

    public Task TuspyAsync() => RunAsync("python3", "python3-tuspy", file =>
        [ClientRun.Script("tuspy_client.py"), endpoint.AbsoluteUri, key, file]);

    private static async Task RunAsync(string program, string package, Func<string, string[]> arguments)
    {
        using var home = new TemporaryDirectory();
        var file = Path.Combine(home.Path, "upload.bin");
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(Size));
        var environment = new Dictionary<string, string?> { ["HOME"] = home.Path, ["PYTHONDONTWRITEBYTECODE"] = "1" };
        await ClientProcess.RunAsync(program, package, environment, arguments(file));
    }
}
