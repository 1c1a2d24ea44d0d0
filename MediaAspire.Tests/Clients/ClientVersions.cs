using System.Diagnostics;
using Amazon.S3;

namespace MediaAspire.Tests.Clients;

/// <summary>The releases of the clients, as they report them.</summary>
internal static class ClientVersions
{
    private const string JavaScript =
        "`@aws-sdk/client-s3 ${require('node:module').createRequire(process.argv[1])('@aws-sdk/client-s3/package.json').version}, "
        + "Node.js ${process.version}`";

    private const string TusJs =
        "`tus-js-client ${require('node:module').createRequire(process.argv[1])('tus-js-client/package.json').version}, "
        + "Node.js ${process.version}`";

    public static string OfDotnet => $"AWSSDK.S3 {FileVersionInfo.GetVersionInfo(typeof(AmazonS3Client).Assembly.Location).FileVersion}";

    public static Task<string> OfAwsCliAsync() => RunAsync("aws", "awscli", "--version");

    public static Task<string> OfBoto3Async() =>
        RunAsync("python3", "python3-boto3", "-c", "import boto3; print('boto3', boto3.__version__)");

    public static Task<string> OfJavaScriptAsync() => RunAsync("node", "nodejs", "--print", JavaScript, ClientRun.Script("client.mjs"));

    public static Task<string> OfRcloneAsync() => RunAsync("rclone", "rclone", "version");

    public static Task<string> OfS3cmdAsync() => RunAsync("s3cmd", "s3cmd", "--version");

    public static Task<string> OfTusJsAsync() => RunAsync("node", "nodejs", "--print", TusJs, ClientRun.Script("tus_client.mjs"));

    public static Task<string> OfTuspyAsync() =>
        RunAsync("python3", "python3-tuspy", "-c", "from importlib.metadata import version; print('tuspy', version('tuspy'))");

    private static async Task<string> RunAsync(string program, string package, params string[] arguments)
    {
        var output = await ClientProcess.RunAsync(program, package, new Dictionary<string, string?>(), arguments);
        return $"{ClientProcess.PathOf(program, package)}: {output.Trim()}";
    }
}
