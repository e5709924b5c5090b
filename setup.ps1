# Sets the studio up on Windows and starts it at http://127.0.0.1:8000:
#
#   .\setup.ps1                 the studio, in WSL2
#   .\setup.ps1 -CommandOnly    only the command `likeness`, which drives a studio elsewhere, in .venv
#
# The studio itself runs in WSL2, because Windows has no limits for the programs that read mockups and render pages.
# The checkout is copied to ~/likeness there; a second call copies what has changed, and keeps the data.
[CmdletBinding()]
param(
    [switch]$CommandOnly,
    [string]$Distribution = "Debian"
)
$ErrorActionPreference = "Stop"
Set-Location $PSScriptRoot

function Stop-Setup([string]$Message) {
    Write-Host $Message
    exit 1
}

function Find-Python {
    foreach ($Words in @("py -3", "python", "python3")) {
        $Program, $Arguments = $Words -split " "
        if (-not (Get-Command $Program -ErrorAction SilentlyContinue)) { continue }
        & $Program $Arguments -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))"
        if ($LASTEXITCODE -eq 0) { return $Words }
    }
    Stop-Setup "No Python 3.11, 3.12 or 3.13 found: install one (winget install Python.Python.3.12) and run this again."
}

function Install-Command {
    $Program, $Arguments = (Find-Python) -split " "
    & $Program $Arguments -m venv .venv
    & .venv\Scripts\python.exe -m pip install --quiet .
    if ($LASTEXITCODE -ne 0) { Stop-Setup "The command could not be installed: see above; pip needs to reach a package index." }
    Write-Host "Installed .venv\Scripts\likeness.exe; set LIKENESS_SERVER to the studio's address and LIKENESS_TOKEN to a token of your team."
}

function Invoke-Linux([string]$User, [string]$Script) {
    $As = if ($User) { @("--user", $User) } else { @() }
    wsl.exe --distribution $Distribution @As -- sh -ec $Script
    if ($LASTEXITCODE -ne 0) { Stop-Setup "The step failed in ${Distribution}: see above, then run this again." }
}

function Start-Studio {
    if (-not (Get-Command wsl.exe -ErrorAction SilentlyContinue)) {
        Stop-Setup "WSL is missing: run 'wsl --install' as an administrator, restart Windows and run this again."
    }
    # wsl.exe writes UTF-16, of which PowerShell keeps the zeros.
    $Installed = (wsl.exe --list --quiet) -replace "`0", ""
    if ($Installed -notcontains $Distribution) {
        Write-Host "Installing $Distribution in WSL2; choose a name and a password there, then type 'exit' ..."
        wsl.exe --install --distribution $Distribution
    }
    $Packages = "make python3 python3-venv nodejs npm chromium-headless-shell fonts-liberation libatomic1 tesseract-ocr"
    Invoke-Linux "root" "apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $Packages >/dev/null"
    # The folder is passed by WSLENV, which translates it and needs no quoting.
    $env:LIKENESS_CHECKOUT = $PSScriptRoot
    $env:WSLENV = "LIKENESS_CHECKOUT/p"
    $Copy = 'mkdir -p ~/likeness; cd "$LIKENESS_CHECKOUT"; tar -c --exclude ./.venv --exclude ./node_modules --exclude ./data . | tar -x -C ~/likeness'
    Invoke-Linux "" $Copy
    Invoke-Linux "" "cd ~/likeness; exec make run"
}

if ($CommandOnly) { Install-Command } else { Start-Studio }
