using FeedBuilder;

if (args is not [var executable, var origin, var recipes, var feed, .. var packages] || packages.Length == 0)
{
    Console.Error.WriteLine("usage: FeedBuilder BUNDLE ORIGIN RECIPES FEED ID/VERSION...");
    return 2;
}

try
{
    var bundle = SingleFileBundle.Open(executable);
    var manifest = new DependencyManifest(bundle.Read(Path.GetFileName(executable) + ".deps.json"));
    var repackager = new Repackager(bundle, manifest, origin, recipes, feed);
    foreach (var package in packages)
    {
        if (package.Split('/') is not [var id, var version])
        {
            throw new InvalidDataException($"{package} is not ID/VERSION.");
        }

        Console.WriteLine($"  repackaged  {Path.GetFileName(repackager.Write(id, version))}");
    }

    return 0;
}
catch (Exception failure) when (failure is IOException or InvalidDataException)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
