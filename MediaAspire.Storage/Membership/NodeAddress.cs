namespace MediaAspire.Storage.Membership;

/// <summary>The address at which other processes reach the node.</summary>
internal static class NodeAddress
{
    /// <summary>Chooses the address to advertise; null when the server listens on none.</summary>
    /// <remarks>
    /// <c>localhost</c> becomes 127.0.0.1, so that clients do not try ::1 first. A wildcard becomes the machine's name, which containers
    /// and hosts of the same network resolve.
    /// </remarks>
    public static Uri? From(IEnumerable<string> listening, string machineName) =>
        listening.Select(address => Normalise(address, machineName))
            .OrderBy(address => address.Scheme == Uri.UriSchemeHttp ? 0 : 1)
            .FirstOrDefault();

    // "http://+:5000" and "http://*:5000" are not valid URIs.
    private static Uri Normalise(string address, string machineName)
    {
        var uri = new UriBuilder(
            address.Replace("://+", "://0.0.0.0", StringComparison.Ordinal).Replace("://*", "://0.0.0.0", StringComparison.Ordinal));
        uri.Host = uri.Host switch
        {
            "localhost" => "127.0.0.1",
            "0.0.0.0" or "[::]" => machineName,
            var host => host,
        };
        return uri.Uri;
    }
}
