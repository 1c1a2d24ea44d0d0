using MediaAspire.AppHost.Data;

namespace MediaAspire.AppHost.Security;

/// <summary>A configuration file of curl with the header that carries an API key: <c>curl -K FILE …</c>.</summary>
/// <remarks>The key is then neither in the arguments of curl, which every user of the machine can read, nor in a shell's history.</remarks>
/// <param name="path">The file.</param>
/// <param name="key">The API key.</param>
internal sealed class CurlConfiguration(string path, ParameterResource key) : IValueProvider
{
    /// <summary>Writes the file (mode 0600), and returns its path.</summary>
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        PrivateFile.Write(path, $"header = \"X-Api-Key: {await key.GetValueAsync(cancellationToken)}\"\n");
        return path;
    }
}
